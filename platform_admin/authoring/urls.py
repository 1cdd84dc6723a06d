"""Addresses of the pages on which business staff write."""

from __future__ import annotations

from django.urls import path

from platform_admin.authoring import conversation_page as conversation
from platform_admin.authoring import copy_page as copy
from platform_admin.authoring import customers_page as customers
from platform_admin.authoring import faq_page as faq
from platform_admin.authoring import faq_questions_page as faq_questions
from platform_admin.authoring import home_page as home
from platform_admin.authoring import hours_page as hours
from platform_admin.authoring import map_figures_page as figures
from platform_admin.authoring import publish_page as publish
from platform_admin.authoring import real_switch_page as real
from platform_admin.authoring import releases_page as releases
from platform_admin.authoring import shared_page as shared
from platform_admin.authoring import start_page as start
from platform_admin.authoring import tests_page as tests
from platform_admin.authoring import versions_page as versions

app_name = "authoring"
urlpatterns = [
    path("", home.landing, name="landing"),
    path("<slug:slug>/", home.home_page, name="home"),
    path("<slug:slug>/conversation/", conversation.conversation_page, name="conversation"),
    path("<slug:slug>/conversation/draft", conversation.draft_state, name="conversation-draft"),
    path("<slug:slug>/conversation/check", conversation.check, name="conversation-check"),
    path("<slug:slug>/conversation/step", conversation.step_form, name="conversation-step"),
    path("<slug:slug>/conversation/texts", conversation.texts, name="conversation-texts"),
    path("<slug:slug>/conversation/schema", conversation.schema, name="conversation-schema"),
    path("<slug:slug>/conversation/phone", conversation.phone, name="conversation-phone"),
    path("<slug:slug>/copy/", copy.copy_page, name="copy"),
    path("<slug:slug>/copy/everything.zip", copy.everything, name="copy-everything"),
    path("<slug:slug>/copy/conversation.yaml", copy.conversation_file, name="copy-conversation"),
    path("<slug:slug>/copy/faq.md", copy.faq_file, name="copy-faq"),
    path("<slug:slug>/copy/look", copy.look, name="copy-look"),
    path("<slug:slug>/copy/restore", copy.restore, name="copy-restore"),
    path("<slug:slug>/customers/", customers.customers_page, name="customers"),
    path("<slug:slug>/customers/do/<slug:verb>", customers.do, name="customer-do"),
    path("<slug:slug>/conversation/real", real.real_switch, name="conversation-real"),
    path("<slug:slug>/customers/<path:conversation_id>/", customers.customer_page, name="customer"),
    path("<slug:slug>/conversation/people", figures.people, name="conversation-people"),
    path("<slug:slug>/conversation/tested", figures.tested, name="conversation-tested"),
    path("<slug:slug>/conversation/links", shared.links, name="conversation-links"),
    path("<slug:slug>/conversation/links/<int:link_id>", shared.take_link_back, name="conversation-link"),
    path("<slug:slug>/faq/", faq.faq_page, name="faq"),
    path("<slug:slug>/faq/draft", faq.faq_draft, name="faq-draft"),
    path("<slug:slug>/faq/ask", faq.ask, name="faq-ask"),
    path("<slug:slug>/faq/answer", faq_questions.answer, name="faq-answer"),
    path("<slug:slug>/faq/put-aside", faq_questions.put_aside, name="faq-put-aside"),
    path("<slug:slug>/faq/expect", faq_questions.expect, name="faq-expect"),
    path("<slug:slug>/faq/expect-no-more", faq_questions.expect_no_more, name="faq-expect-no-more"),
    path("<slug:slug>/hours/", hours.hours_page, name="hours"),
    path("<slug:slug>/hours/draft", hours.hours_draft, name="hours-draft"),
    path("<slug:slug>/publish/", publish.publish_page, name="publish"),
    path("<slug:slug>/publish/go", publish.go, name="publish-go"),
    path("<slug:slug>/publish/progress", publish.progress, name="publish-progress"),
    path("<slug:slug>/publish/replay", publish.replay, name="publish-replay"),
    path("<slug:slug>/releases/", releases.releases_page, name="releases"),
    path("<slug:slug>/releases/<int:serial>/back", releases.go_back, name="go-back"),
    path("<slug:slug>/versions/<slug:kind>/", versions.versions_page, name="versions"),
    path("<slug:slug>/versions/<slug:kind>/<int:number>/", versions.version_page, name="version"),
    path("<slug:slug>/versions/<slug:kind>/<int:number>/take-back", versions.take_version_back, name="take-back"),
    path("<slug:slug>/start/", start.start_page, name="start"),
    path("<slug:slug>/start/begin", start.begin, name="begin"),
    path("<slug:slug>/tests/", tests.tests_page, name="tests"),
    path("<slug:slug>/tests/save", tests.save_test, name="save-test"),
    path("<slug:slug>/tests/<int:case_id>/remove", tests.remove_test, name="remove-test"),
]
