"""Decides, without a model and without chance, whether a model's answer may reach a customer.

Pure: texts in, a verdict out. What belongs here is what makes an answer true to the document; what
a model is asked and how it is reached do not.
"""

from connectors.llm.verification.blocks import Block, Knowledge, read_knowledge
from connectors.llm.verification.proposal import Proposal, ProposalError, Quote, read_proposal
from connectors.llm.verification.verdict import Fault, Ruling, Verdict
from connectors.llm.verification.verifier import Mode, verify

__all__ = [
    "Block",
    "Fault",
    "Knowledge",
    "Mode",
    "Proposal",
    "ProposalError",
    "Quote",
    "Ruling",
    "Verdict",
    "read_knowledge",
    "read_proposal",
    "verify",
]
