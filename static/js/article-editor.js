// The form of an article: counts letters, keeps what is typed, says who else is here, warns before it is lost.
"use strict";

const BEAT = 20_000; // news/editing.py takes whoever is silent three times as long for gone
const REST = 10_000;

const state = document.querySelector(".editor-state");
const form = state?.closest("form");
let typed = ""; // what the form held when it was last kept
let kept = "";
let leaving = false;

function tell(name, text) {
  const line = state.querySelector(`.${name}`);
  if (line.textContent !== text) line.textContent = text;
}

function content() {
  for (const editor of Object.values(window.CKEDITOR?.instances ?? {})) editor.updateElement();
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

function fingerprint(data) {
  const parts = [...data].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "remark");
  return JSON.stringify(parts);
}

const GONE = "Phiên đăng nhập đã hết. Nội dung vẫn còn trên trang này: đăng nhập lại ở cửa sổ khác, rồi bấm lưu ở đây.";

// Sends what is new since the last time; without news it only says that the page is still open.
// Answers "kept", "again" where another token may help, or "lost" where saving would lose the text.
async function beat() {
  const data = content();
  const now = fingerprint(data);
  const body = now === kept ? new FormData() : data;
  if (body === data) body.set("_keep", "1");
  const token = form.elements.csrfmiddlewaretoken;
  body.set("csrfmiddlewaretoken", token.value);
  let answer;
  try {
    answer = await fetch(state.dataset.keep, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" } });
  } catch {
    tell("unreachable", "Không kết nối được với máy chủ. Nội dung vẫn còn trên trang này; đừng đóng trang.");
    return "lost";
  }
  if (answer.type === "opaqueredirect") {
    tell("unreachable", GONE);
    return "lost";
  }
  if (answer.status === 403) {
    if (await renewToken()) return "again";
    tell("unreachable", GONE);
    return "lost";
  }
  if (!answer.ok) {
    tell("unreachable", "Chưa giữ được bản chưa lưu. Nội dung vẫn còn trên trang này; chép lại trước khi đóng trang.");
    return "lost";
  }
  const said = await answer.json();
  token.value = said.token;
  tell("unreachable", "");
  tell("others", said.others.join(" "));
  if (body === data) {
    kept = now;
    tell("kept", `Đã giữ bản chưa lưu lúc ${said.kept}.`);
  }
  return "kept";
}

// Who has signed in again in another window has a new token; any form of the staff's site holds it.
async function renewToken() {
  const answer = await fetch(location.pathname, { redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  if (!fresh) return false;
  form.elements.csrfmiddlewaretoken.value = fresh;
  return true;
}

function countLetters(box) {
  const line = document.createElement("p");
  line.className = "help counter";
  line.setAttribute("aria-live", "polite");
  (box.closest(".flex-container") ?? box).after(line);
  const most = Number(box.dataset.most);
  const show = () => {
    const length = box.value.trim().length;
    line.textContent = length > most ? `${length} chữ cái, nên không quá ${most}.` : `${length}/${most} chữ cái`;
    line.classList.toggle("over", length > most);
  };
  box.addEventListener("input", show);
  show();
}

function isChanged() {
  return fingerprint(content()) !== typed;
}

async function send(event) {
  const button = event.submitter;
  if (leaving || button?.formTarget === "_blank") return;
  event.preventDefault();
  // What would be lost with the session, or refused for an old token, is still on the page.
  let outcome = await beat();
  if (outcome === "again") outcome = await beat();
  if (outcome === "lost") return;
  leaving = true;
  if (button) form.requestSubmit(button);
  else form.submit();
}

function start() {
  typed = kept = fingerprint(content());
  setInterval(beat, BEAT);
  setInterval(() => isChanged() && fingerprint(content()) !== kept && beat(), REST);
  form.addEventListener("submit", send);
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && isChanged()) event.preventDefault();
  });
}

for (const box of document.querySelectorAll("[data-most]")) countLetters(box);
if (state && state.dataset.reading === undefined) {
  // The editor writes its first content a moment later, which is not a change of the person's.
  const editors = Object.values(window.CKEDITOR?.instances ?? {});
  if (window.CKEDITOR && !editors.length) window.CKEDITOR.once("instanceReady", start);
  else if (editors.length && editors[0].status !== "ready") editors[0].once("instanceReady", start);
  else start();
}
