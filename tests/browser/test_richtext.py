"""Rich text in a real browser: nothing hostile comes alive, and what is pasted and dropped arrives."""

import base64
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image as Picture
from playwright.sync_api import BrowserContext, Page, Route, expect

from news.models import Article
from portal.richtext import sanitise
from portal.roles import EDITOR
from tests.factories import OrganisationFactory, UserFactory
from tests.portal.xss_payloads import PAYLOADS

WORD = (Path(__file__).parents[1] / "data" / "pasted" / "word.html").read_text(encoding="utf-8")

# Whatever runs says so; links are followed no further than their click.
LISTEN = """
window.fired = [];
window.xss = window.alert = window.confirm = window.prompt = () => window.fired.push(1);
addEventListener("click", (event) => event.preventDefault());
"""
TOUCH_EVERYTHING = """async () => {
  for (const element of document.querySelectorAll("article *")) {
    for (const name of ["pointerenter", "mouseover", "mouseenter", "focus", "toggle", "load", "error"])
      element.dispatchEvent(new Event(name));
    element.click();
  }
  await new Promise((done) => setTimeout(done, 300));
  return window.fired.length;
}"""


def fired(context: BrowserContext, bodies: list[str]) -> int:
    """Return how often a script ran in an article with these bodies, on a page without any policy."""
    page = context.new_page()
    html = (
        "<!doctype html><meta charset=utf-8><article>" + "".join(f"<div>{body}</div>" for body in bodies) + "</article>"
    )

    def answer(route: Route) -> None:
        if route.request.url == "http://localhost/":
            route.fulfill(body=html.encode(errors="replace"), content_type="text/html; charset=utf-8")
        else:
            route.fulfill(status=404, body="")

    page.route("**/*", answer)
    page.add_init_script(LISTEN)
    page.goto("http://localhost/")
    count = page.evaluate(TOUCH_EVERYTHING)
    schemes = page.evaluate("[...document.links].map((link) => link.protocol)")
    page.close()
    return count + sum(scheme not in {"http:", "https:", "mailto:", "tel:"} for scheme in schemes)


@pytest.mark.parametrize("width", [1280])
def test_nothing_hostile_comes_alive(context: BrowserContext) -> None:
    assert fired(context, ["<img src=x onerror=xss()>", "<a href='javascript:xss()'>a</a>"]) >= 2
    assert fired(context, [sanitise(payload) for payload in PAYLOADS]) == 0
    assert fired(context, [sanitise("".join(PAYLOADS)), sanitise("".join(reversed(PAYLOADS)))]) == 0


@pytest.mark.parametrize("width", [390])
def test_text_of_word_and_dropped_pictures_arrive_in_the_article(page: Page, transactional_db, sign_in) -> None:
    OrganisationFactory()
    sign_in(UserFactory(role=EDITOR))
    page.goto("/quan-tri/news/article/add/")
    expect(page.locator(".cke_wysiwyg_frame")).to_be_visible()
    # The browser itself would ask for the file that Word names, before anybody can stop it.
    word = WORD.replace("file:///clip_image001.jpg", "/static/img/icon.svg")

    page.evaluate(
        """(html) => {
          const editor = CKEDITOR.instances.id_body;
          editor.focus();
          const dataTransfer = new CKEDITOR.plugins.clipboard.dataTransfer();
          dataTransfer.setData("text/html", html);
          editor.fire("paste", { type: "html", dataValue: html, dataTransfer, method: "paste" });
        }""",
        word,
    )
    frame = page.frame_locator(".cke_wysiwyg_frame")
    expect(frame.locator("ol > li > ul > li")).to_have_text("Thời hạn")
    expect(page.get_by_text("Có 1 ảnh không dán được")).to_be_visible()

    page.evaluate(
        """async (files) => {
          const editor = CKEDITOR.instances.id_body;
          const transfer = new DataTransfer();
          for (const file of files) {
            const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
            transfer.items.add(new File([bytes], "a.jpg", { type: "image/jpeg" }));
          }
          const target = editor.document.getBody().getLast().$;
          // Nobody drops anything where the frame does not show it yet.
          let x, y;
          for (let frames = 0; frames < 600; frames += 1) {
            await new Promise(requestAnimationFrame);
            target.scrollIntoView({ block: "center" });
            ({ x, y } = target.getBoundingClientRect());
            if (editor.document.$.caretRangeFromPoint(x + 5, y + 5)) break;
          }
          const options = { dataTransfer: transfer, bubbles: true, cancelable: true, clientX: x + 5, clientY: y + 5 };
          target.dispatchEvent(new DragEvent("drop", options));
        }""",
        [photo("red"), photo("blue")],
    )
    expect(frame.locator("img[src^='/media/anh/']")).to_have_count(2)

    page.get_by_label("Tiêu đề").fill("Tập huấn kiểm soát thủ tục")
    page.get_by_label("Chuyên mục").select_option(label="Tin hoạt động")
    with page.expect_navigation():
        page.get_by_role("button", name="Lưu nháp").click()

    body = Article.objects.get().body
    assert body.startswith('<h2 class="text-center">Tập huấn kiểm soát thủ tục</h2><p>Sáng ngày')
    assert '<th scope="col" class="text-center">Lĩnh vực</th>' in body
    assert body.count('<img src="/media/anh/') == 2
    assert "style" not in body
    assert "Mso" not in body


def photo(colour: str) -> str:
    written = BytesIO()
    Picture.new("RGB", (900, 600), colour).save(written, "JPEG")
    return base64.b64encode(written.getvalue()).decode()
