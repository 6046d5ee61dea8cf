// Django's autocomplete boxes are named after their chosen value only, so an empty one has no name.
"use strict";

function nameAutocompletes(root) {
  for (const select of root.querySelectorAll("select.admin-autocomplete[id]")) {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const box = select.parentElement.querySelector(".select2-selection--single");
    const search = select.parentElement.querySelector(".select2-selection--multiple .select2-search__field");
    if (!label || !(box || search)) continue;
    label.id ||= `${select.id}_label`;
    search?.setAttribute("aria-labelledby", label.id);
    if (!box) continue;
    const value = box.querySelector("[role=textbox]");
    value.setAttribute("aria-labelledby", label.id);
    box.setAttribute("aria-labelledby", `${label.id} ${value.id}`);
  }
}

// Both come after Django's own handlers, which make the boxes: this script is deferred, those are not.
window.django?.jQuery?.(() => nameAutocompletes(document));
document.addEventListener("formset:added", (event) => nameAutocompletes(event.target));
