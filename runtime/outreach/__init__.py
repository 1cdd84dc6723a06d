"""What a release says about writing to customers: approved templates, words that end it, when the bot takes up again.

Values only. The blocks ``templates``, ``opt_out`` and ``handoff`` of a bundle are read here and nowhere else.
"""

from runtime.outreach.approved_template import ApprovedTemplate, ApprovedTemplates
from runtime.outreach.opt_words import OptWords
from runtime.outreach.outreach import Outreach
from runtime.outreach.takeover import TakeoverRule

__all__ = ["ApprovedTemplate", "ApprovedTemplates", "OptWords", "Outreach", "TakeoverRule"]
