// Totals, checks and large changes as one types; the server says the same after saving.
"use strict";

const whole = (text) => {
  const trimmed = text.trim();
  if (!trimmed) return null;
  return /^(\d{1,15}|\d{1,3}([.\s]\d{3})+)$/.test(trimmed) ? Number(trimmed.replace(/\D/g, "")) : undefined;
};
const parts = (formula) => [...formula.matchAll(/([+-]?)\s*([a-z0-9._]+)/g)];
const sum = (formula, values) => {
  const known = parts(formula)
    .map(([, sign, code]) => [sign, values.get(code)])
    .filter(([, value]) => value !== null && value !== undefined);
  return known.length ? known.reduce((all, [sign, value]) => all + (sign === "-" ? -value : value), 0) : null;
};
const shown = (value) => (value === null ? "–" : value.toLocaleString("vi-VN"));

function follow(row, checks, percent) {
  const values = new Map();
  for (const input of row.querySelectorAll("input[data-code]")) {
    const value = whole(input.value);
    values.set(input.dataset.code, value ?? null);
    const box = input.closest(".box");
    const before = "before" in input.dataset ? Number(input.dataset.before) : null;
    const swings =
      typeof value === "number" && before !== null && Math.max(value, before) >= 10 &&
      Math.abs(value - before) * 100 >= percent * before;
    const why = box.querySelector("[data-why]");
    const comment = box.querySelector("[data-comment]");
    why.hidden = value !== null;
    comment.hidden = !swings && !comment.querySelector("input").value;
    box.querySelector("[data-swing]").hidden = !swings;
    box.classList.toggle("box-swing", swings);
  }
  // A sum may be made of sums.
  const totals = [...row.querySelectorAll("output[data-formula]")];
  for (let turn = 0; turn < totals.length; turn += 1) {
    for (const total of totals) values.set(total.dataset.code, sum(total.dataset.formula, values));
  }
  for (const total of totals) total.textContent = shown(values.get(total.dataset.code));
  const failed = checks.filter(({ left, relation, right }) => {
    const [one, other] = [sum(left, values), sum(right, values)];
    if (one === null || other === null) return false;
    return relation === "=" ? one !== other : one > other;
  });
  const place = row.querySelector("[data-checks]");
  const said = failed.map(({ message, left, right }) => `${message} Hiện là ${shown(sum(left, values))} và ${shown(sum(right, values))}.`);
  if (place.textContent !== said.join(" ")) place.textContent = said.join(" ");
}

for (const form of document.querySelectorAll("form[data-returns]")) {
  const percent = Number(form.dataset.swing || 50);
  for (const section of form.querySelectorAll("[data-form]")) {
    const checks = JSON.parse(section.querySelector('script[type="application/json"]').textContent);
    for (const row of section.querySelectorAll("[data-row]")) {
      follow(row, checks, percent);
      row.addEventListener("input", () => follow(row, checks, percent));
    }
  }
}
