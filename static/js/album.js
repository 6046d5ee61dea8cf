// Photos of an album: each file is sent by itself, and rows are moved by mouse or by keyboard.
// Without this script the files go with the form, and the order is typed as numbers.
"use strict";

const SENT_AT_ONCE = 2;

function startUpload(box) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector(".upload-list");
  const token = box.closest("form").querySelector("[name=csrfmiddlewaretoken]").value;
  const waiting = [];
  let sending = 0;

  function add(files) {
    for (const file of files) {
      const row = document.createElement("li");
      row.className = "upload";
      const name = document.createElement("span");
      name.textContent = file.name;
      row.append(name);
      list.append(row);
      queue(file, row);
    }
    input.value = "";
  }

  function queue(file, row) {
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `Đang gửi ${file.name}`);
    row.append(bar);
    waiting.push([file, row, bar]);
    sendNext();
  }

  function sendNext() {
    while (sending < SENT_AT_ONCE && waiting.length) {
      sending += 1;
      send(...waiting.shift());
    }
  }

  function send(file, row, bar) {
    const form = new FormData();
    form.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", box.dataset.address);
    request.setRequestHeader("X-CSRFToken", token);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("loadend", () => {
      sending -= 1;
      bar.remove();
      if (request.status === 200 && request.response?.pk) arrived(row, request.response);
      else failed(file, row, request);
      sendNext();
    });
    request.send(form);
  }

  function arrived(row, image) {
    row.classList.add("done");
    const picture = document.createElement("img");
    picture.src = image.url;
    picture.alt = "";
    const note = document.createElement("span");
    note.textContent = "Đã nhận. Lưu để mô tả và xếp thứ tự.";
    const hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = "new_image";
    hidden.value = image.pk;
    row.prepend(picture);
    row.append(note, hidden);
  }

  function failed(file, row, request) {
    const problem = document.createElement("span");
    problem.className = "problem";
    problem.textContent = request.response?.error || "Chưa gửi được: đường truyền gián đoạn hoặc phiên làm việc đã hết.";
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = `Gửi lại ${file.name}`;
    again.addEventListener("click", () => {
      problem.remove();
      again.remove();
      queue(file, row);
    });
    row.append(problem, again);
  }

  input.addEventListener("change", () => add([...input.files]));
  box.addEventListener("dragover", (event) => {
    event.preventDefault();
    box.classList.add("over");
  });
  box.addEventListener("dragleave", () => box.classList.remove("over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("over");
    add([...event.dataTransfer.files]);
  });
}

function startOrdering(list) {
  const status = document.getElementById("photo-moved");
  let dragged = null;

  function rows() {
    return [...list.querySelectorAll(".photo-row")];
  }

  function number() {
    const all = rows();
    all.forEach((row, place) => {
      row.querySelector(".photo-place input").value = place + 1;
      row.querySelector(".up").disabled = place === 0;
      row.querySelector(".down").disabled = place === all.length - 1;
    });
  }

  function move(row, direction) {
    const all = rows();
    const beside = all[all.indexOf(row) + direction];
    if (!beside) return;
    if (direction < 0) beside.before(row);
    else beside.after(row);
    number();
    const pressed = row.querySelector(direction < 0 ? ".up" : ".down");
    // At the end of its way the other button takes the focus, so that it is not lost.
    (pressed.disabled ? row.querySelector(direction < 0 ? ".down" : ".up") : pressed).focus();
    status.textContent = `Ảnh “${row.getAttribute("aria-label")}” nay ở vị trí ${rows().indexOf(row) + 1} trên ${all.length}.`;
  }

  function button(row, label, name, direction) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = name;
    made.textContent = label;
    const words = document.createElement("span");
    words.className = "visually-hidden";
    words.textContent = ` ảnh ${row.getAttribute("aria-label")}`;
    made.append(words);
    made.addEventListener("click", () => move(row, direction));
    return made;
  }

  for (const row of rows()) {
    const place = row.querySelector(".photo-place");
    if (!place.querySelector("input")) return; // Only shown, not edited.
    place.append(button(row, "Lên", "up", -1), button(row, "Xuống", "down", 1));
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      // Text in the fields is still marked with the mouse.
      if (document.activeElement?.matches?.("input[type=text]") && row.contains(document.activeElement)) {
        event.preventDefault();
        return;
      }
      dragged = row;
      row.classList.add("dragged");
      event.dataTransfer.effectAllowed = "move";
    });
    row.addEventListener("dragend", () => {
      dragged = null;
      rows().forEach((one) => one.classList.remove("dragged", "landing"));
      number();
    });
    row.addEventListener("dragover", (event) => {
      if (!dragged || dragged === row) return;
      event.preventDefault();
      rows().forEach((one) => one.classList.toggle("landing", one === row));
    });
    row.addEventListener("drop", (event) => {
      if (!dragged || dragged === row) return;
      event.preventDefault();
      const all = rows();
      if (all.indexOf(dragged) < all.indexOf(row)) row.after(dragged);
      else row.before(dragged);
      number();
    });
  }
  number();
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".album-upload").forEach(startUpload);
  document.querySelectorAll(".photo-rows").forEach(startOrdering);
});
