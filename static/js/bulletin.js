// The rows of a bulletin are put in order with the mouse or with buttons; the numbers say what was done.
"use strict";

function arrange(part) {
  const body = part.querySelector("tbody");
  const said = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  said.setAttribute("role", "status");
  part.append(said);

  const isChosen = (row) => row.querySelector("[name$=-chosen]").checked;
  const number = () => {
    let place = 0;
    for (const row of body.rows) row.querySelector(".order input").value = isChosen(row) ? ++place : "";
  };
  const move = (row, step) => {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    step < 0 ? other.before(row) : other.after(row);
    number();
    const title = row.querySelector("label").textContent;
    said.textContent = `${title}: dòng ${row.sectionRowIndex + 1} trên ${body.rows.length}.`;
  };

  for (const row of body.rows) {
    const title = row.querySelector("label").textContent;
    for (const [step, sign, words] of [[-1, "↑", "Lên trước"], [1, "↓", "Xuống sau"]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "move", textContent: sign });
      button.setAttribute("aria-label", `${words}: ${title}`);
      button.addEventListener("click", () => {
        move(row, step);
        button.focus();
      });
      row.querySelector(".order").append(button);
    }
    row.querySelector("[name$=-chosen]").addEventListener("change", number);
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      event.dataTransfer.effectAllowed = "move";
      row.classList.add("moving");
    });
    row.addEventListener("dragend", () => {
      row.classList.remove("moving");
      number();
    });
    row.addEventListener("dragover", (event) => {
      const moving = body.querySelector(".moving");
      if (!moving || moving === row) return;
      event.preventDefault();
      const { top, height } = row.getBoundingClientRect();
      event.clientY < top + height / 2 ? row.before(moving) : row.after(moving);
    });
  }
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-arrange]").forEach((part) => part.querySelector("tbody") && arrange(part));
});
