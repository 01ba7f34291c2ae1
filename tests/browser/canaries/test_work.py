"""The work item of a street in the panel: what it says, what is given to it, what it refuses."""

import json

import pytest
from playwright.sync_api import expect

from tests.canary_city import CANARIES, CODES

pytestmark = [pytest.mark.db, pytest.mark.browser]

MARKUP = CANARIES[2]


@pytest.fixture
def work(changing_city, show):
    page = show(f"{changing_city}/maps/streetlights?as_of=2019-08-31&window=30")
    page.evaluate("(code) => Guatu.openCode(code)", CODES[2])
    expect(page.locator(".work .standing")).to_be_visible()
    return page.locator(".work")


def open_step(work, name):
    step = work.locator(".step", has=work.page.locator(f"summary:has-text('{name}')")).first
    step.locator("summary").first.click()
    return step


def send(step):
    step.locator("[type=submit]").click()


def test_the_facts_of_an_item_are_told_letter_by_letter(work):
    told = work.locator(".facts td").all_text_contents()
    assert told.count(MARKUP) > 3
    assert CODES[2] in told


def test_who_acted_and_why_and_what_was_shown_is_told_letter_by_letter(work):
    step = open_step(work, "补充佐证")
    step.locator("[name=by]").fill(MARKUP)
    step.locator("[name=reason]").fill(MARKUP)
    step.locator("[name=note]").fill(MARKUP)
    step.locator("[name=evidence]").set_input_files(
        {"name": f"{MARKUP}.jpg", "mimeType": "image/jpeg", "buffer": b"x"}
    )
    send(step)
    event = work.locator(".history li").first
    expect(event).to_contain_text("补充佐证")
    expect(event.locator("span").last).to_have_text(MARKUP)
    expect(event.locator("p")).to_have_text(f"{MARKUP} · {MARKUP}.jpg ({MARKUP})")


def test_who_set_the_days_is_told_letter_by_letter(work):
    send(open_step(work, "登记"))
    expect(work.locator(".standing")).to_contain_text("已登记")
    note = open_step(work, "交办").locator(".field:has([name=due_on]) .note")
    expect(note).to_contain_text(MARKUP)


def refuse(page, **answer):
    body = json.dumps(answer)
    page.route(
        "**/register?*",
        lambda route: route.fulfill(status=422, content_type="application/json", body=body),
    )


def test_what_a_refusal_quotes_is_told_letter_by_letter(work, watch):
    refuse(work.page, errors=[{"field": "by", "text": MARKUP}, {"field": "x", "text": MARKUP}])
    step = open_step(work, "登记")
    send(step)
    expect(step.locator("[name=by] + .refused")).to_have_text(MARKUP)
    expect(step.locator("[role=alert]")).to_contain_text(MARKUP)
    watch.problems.clear()  # the browser calls an answer of 422 an error


def test_why_an_item_cannot_be_read_is_told_letter_by_letter(city, show, watch):
    page = show(f"{city}/maps/streetlights?as_of=2019-08-31&window=30")
    page.route(
        "**/rectifications/on/**",
        lambda route: route.fulfill(status=404, json={"detail": MARKUP}),
    )
    page.evaluate("(code) => Guatu.openCode(code)", CODES[2])
    expect(page.locator(".work .note")).to_contain_text(MARKUP)
    watch.problems.clear()
