// How CKEditor behaves here: loaded by it as its own settings file.
/* global CKEDITOR */
"use strict";

CKEDITOR.editorConfig = () => {};

// Sentences of the upload that the library has not in Vietnamese, and labels that say what is wanted.
CKEDITOR.on("instanceLoaded", (event) => {
  const { lang } = event.editor;
  Object.assign(lang.filetools, {
    loadError: "Không đọc được ảnh trên máy. Chọn lại ảnh.",
    networkError: "Mất kết nối khi tải ảnh lên. Thử lại sau ít phút.",
    httpError404: "Không tìm thấy nơi nhận ảnh. Tải lại trang rồi thử lại.",
    httpError403: "Không được phép tải ảnh lên. Đăng nhập lại rồi thử lại.",
    httpError: "Không tải được ảnh lên (lỗi %1). Thử lại sau ít phút.",
    noUrlError: "Không tải được ảnh lên.",
    responseError: "Không tải được ảnh lên. Thử lại sau ít phút.",
  });
  Object.assign(lang.uploadwidget, {
    abort: "Đã dừng tải ảnh lên.",
    doneOne: "Đã tải ảnh lên.",
    doneMany: "Đã tải %1 ảnh lên.",
    uploadOne: "Đang tải ảnh lên ({percentage}%)…",
    uploadMany: "Đang tải ảnh lên, xong {current} trong {max} ảnh ({percentage}%)…",
  });
  Object.assign(lang.image2, { alt: "Mô tả ảnh (ảnh cho thấy gì, trong một câu)" });
});

// A new table has a head row and fits the page; widths and borders are the portal's.
CKEDITOR.on("dialogDefinition", (event) => {
  const { name, definition } = event.data;
  if (name === "table") {
    const info = definition.getContents("info");
    info.get("selHeaders").default = "row";
    info.get("txtWidth").default = "";
    for (const field of ["txtBorder", "txtCellSpace", "txtCellPad", "cmbAlign", "txtWidth", "txtHeight"]) info.remove(field);
  }
  if (name === "table" || name === "tableProperties") definition.removeContents("advanced");
});

// A picture is uploaded with the token of its form; it joins the request after CKEditor has opened it.
CKEDITOR.on("instanceLoaded", ({ editor }) => {
  editor.on("fileUploadRequest", (event) => {
    const token = editor.element.$.form.elements.csrfmiddlewaretoken.value;
    event.data.fileLoader.xhr.setRequestHeader("X-CSRFToken", token);
  });
});

// What is pasted: sides become the portal's classes, all other style goes, pictures that lie elsewhere are told.
function cleaned(html, lost, pictures) {
  const filter = new CKEDITOR.htmlParser.filter({
    elements: {
      $(element) {
        const side = /text-align:\s*(center|right)/.exec(element.attributes.style ?? "")?.[1] ?? element.attributes.align;
        delete element.attributes.style;
        if (side === "center" || side === "right") element.addClass(`text-${side}`);
      },
      // Places to jump to inside a text: the portal keeps none.
      a(element) {
        delete element.attributes.name;
        delete element.attributes.id;
        if (!element.attributes.href || element.attributes.href.startsWith("#")) element.name = "";
      },
      img(element) {
        const source = element.attributes.src ?? "";
        // What comes as data is uploaded.
        if (["data:image/", "blob:", pictures].some((start) => source.startsWith(start))) return element;
        lost.push(source);
        return false;
      },
    },
  });
  const fragment = CKEDITOR.htmlParser.fragment.fromHtml(html);
  const writer = new CKEDITOR.htmlParser.basicWriter();
  filter.applyTo(fragment);
  fragment.writeHtml(writer);
  return writer.getHtml().replace(/<p>(?:\s|&nbsp;)*<\/p>/g, "");
}

CKEDITOR.on("instanceReady", ({ editor }) => {
  editor.on("paste", (event) => {
    if (event.data.type !== "html" || /\bdata-cke-/.test(event.data.dataValue)) return; // a widget that was moved
    const lost = [];
    event.data.dataValue = cleaned(event.data.dataValue, lost, editor.config.pictureAddress);
    if (lost.length) editor.showNotification(`Có ${lost.length} ảnh không dán được. Kéo tệp ảnh vào đây để tải lên.`, "warning");
  }, null, null, 500); // after the plugins that read Word, before the text goes in
});
