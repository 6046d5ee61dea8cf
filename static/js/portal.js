/* Only makes pages handier: each works the same without it. */
(() => {
  "use strict";

  const WAIT = 150; // milliseconds after the last key before suggestions are fetched
  const SHORTEST = 2; // letters

  function suggest(input) {
    const list = document.createElement("ul");
    list.id = `${input.id}-suggestions`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Thủ tục gợi ý");
    list.hidden = true;
    const status = document.createElement("p");
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    input.parentElement.append(list, status);
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
    Object.entries(roles).forEach(([name, value]) => input.setAttribute(name, value));

    let chosen = -1;
    let timer;
    let request;

    function choose(index) {
      list.children[chosen]?.setAttribute("aria-selected", "false");
      chosen = index;
      const option = list.children[index];
      if (!option) return input.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    }

    function close() {
      clearTimeout(timer);
      request?.abort();
      choose(-1);
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      status.textContent = "";
    }

    function show(suggestions) {
      choose(-1);
      list.replaceChildren(...suggestions.map(({ title, code, url }, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = url;
        const name = document.createElement("span");
        name.textContent = title;
        const number = document.createElement("span");
        number.className = "muted nowrap";
        number.textContent = code;
        option.append(name, " ", number);
        return option;
      }));
      list.hidden = suggestions.length === 0;
      input.setAttribute("aria-expanded", String(!list.hidden));
      status.textContent = list.hidden ? "" : `${suggestions.length} thủ tục gợi ý, chọn bằng phím mũi tên.`;
    }

    async function fetchSuggestions() {
      request = new AbortController();
      const { signal } = request;
      try {
        const address = `${input.dataset.suggestions}?q=${encodeURIComponent(input.value.trim())}`;
        const response = await fetch(address, { signal, credentials: "omit" });
        const suggestions = response.ok ? await response.json() : [];
        if (!signal.aborted) show(suggestions);
      } catch {
        // Stale, or the network failed: the form still searches.
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      request?.abort();
      if (input.value.trim().length < SHORTEST) close();
      else timer = setTimeout(fetchSuggestions, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || list.hidden) return;
      const count = list.children.length;
      // Position -1, the box itself, is one stop of the round.
      const moves = { ArrowDown: (chosen + 2) % (count + 1) - 1, ArrowUp: (chosen + count + 1) % (count + 1) - 1 };
      if (event.key in moves) choose(moves[event.key]);
      else if (event.key === "Enter" && chosen >= 0) location.assign(list.children[chosen].dataset.url);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.url);
    });
    input.addEventListener("blur", close);
  }

  document.querySelectorAll("input[data-suggestions]").forEach(suggest);
  document.querySelectorAll("button[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
  document.querySelectorAll("button[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return; // an insecure address: the box can still be copied by hand
    button.hidden = false;
    const input = document.getElementById(button.dataset.copy);
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    status.className = "muted";
    button.after(status);
    button.addEventListener("click", async () => {
      input.select();
      await navigator.clipboard.writeText(input.value);
      status.textContent = "Đã chép.";
    });
  });
  document.querySelectorAll("button[data-share]").forEach((button) => {
    if (!navigator.share) return; // on a telephone it offers Zalo and whatever else is there
    button.hidden = false;
    button.addEventListener("click", () => navigator.share({ title: document.title, url: button.dataset.share }).catch(() => {}));
  });
  document.querySelectorAll("textarea[data-count]").forEach((text) => {
    const place = document.getElementById(`${text.id}-count`);
    const count = () => {
      const left = text.dataset.count - text.value.length;
      place.textContent = `${left < 0 ? "Cần bớt" : "Còn viết được"} ${Math.abs(left).toLocaleString("vi")} chữ cái.`;
    };
    text.addEventListener("input", count);
    if (text.value) count();
  });
  document.querySelectorAll("form[data-warn]").forEach((form) => {
    const warn = (event) => event.preventDefault();
    form.addEventListener("input", () => addEventListener("beforeunload", warn));
    form.addEventListener("submit", () => removeEventListener("beforeunload", warn));
  });
  document.querySelector(".error-summary")?.focus();
})();
