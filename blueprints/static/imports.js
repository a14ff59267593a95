// Dropping files, and which edits of the review changed. Everything works without it.
(function () {
  "use strict";

  var drop = document.querySelector("[data-drop]");
  if (drop) {
    var zone = drop.querySelector(".drop-zone");
    var input = drop.querySelector("input[type=file]");
    var chosen = drop.querySelector("[data-chosen]");
    var list = function () {
      chosen.replaceChildren();
      var size = 0;
      Array.prototype.forEach.call(input.files, function (file) {
        var item = document.createElement("li");
        item.textContent = file.name + " (" + Math.max(1, Math.round(file.size / 1024)).toLocaleString() + " kB)";
        chosen.appendChild(item);
        size += file.size;
      });
      // Said before minutes of sending: a server that refuses half-way may be heard as a lost connection.
      var most = Number(input.dataset.limit);
      var over = most && size > most;
      var megabytes = function (bytes) { return (bytes / 1048576).toLocaleString(undefined, { maximumFractionDigits: 1 }); };
      var said = over ? "Together " + megabytes(size) + " MB; one upload takes " + megabytes(most) +
        " MB. Send the files one by one, or one month or only the marketing cost centres per file." : "";
      input.setCustomValidity(said);
      if (over) {
        var word = document.createElement("li");
        word.className = "bad";
        word.textContent = said;
        chosen.appendChild(word);
      }
    };
    input.addEventListener("change", list);
    ["dragover", "dragenter"].forEach(function (name) {
      zone.addEventListener(name, function (event) { event.preventDefault(); zone.classList.add("over"); });
    });
    ["dragleave", "drop"].forEach(function (name) {
      zone.addEventListener(name, function () { zone.classList.remove("over"); });
    });
    zone.addEventListener("drop", function (event) {
      event.preventDefault();
      if (event.dataTransfer && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        list();
      }
    });
  }

  var review = document.querySelector("[data-review]");
  if (review) {
    var button = review.querySelector("[data-reread]");
    var changed = function () {
      return Array.prototype.filter.call(review.elements, function (element) {
        if (element.name && element.name.indexOf("only.") === 0) return element.checked !== element.defaultChecked;
        if (element.name && element.name.indexOf("more.") === 0) return element.value !== element.defaultValue;
        if (!element.name || element.name.indexOf("edit.") !== 0 || element.type === "submit") return false;
        var was = review.elements.namedItem("was." + element.name.slice(5));
        return was && was.value !== element.value;
      }).length;
    };
    var tell = function () {
      var count = changed();
      button.disabled = count === 0;
      button.textContent = count ? "Read again with " + count + (count === 1 ? " change" : " changes") : "Read again with these changes";
    };
    if (button) {
      review.addEventListener("change", tell);
      review.addEventListener("input", tell);
      tell();
    }
  }
})();
