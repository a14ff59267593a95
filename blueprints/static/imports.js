// Dropping files, progress of a reading, and which edits of the review changed. Everything works without it.
(function () {
  "use strict";

  var drop = document.querySelector("[data-drop]");
  if (drop) {
    var zone = drop.querySelector(".drop-zone");
    var input = drop.querySelector("input[type=file]");
    var chosen = drop.querySelector("[data-chosen]");
    var list = function () {
      chosen.replaceChildren();
      Array.prototype.forEach.call(input.files, function (file) {
        var item = document.createElement("li");
        item.textContent = file.name + " (" + Math.max(1, Math.round(file.size / 1024)).toLocaleString() + " kB)";
        chosen.appendChild(item);
      });
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

  var box = document.querySelector("[data-progress]");
  if (box) {
    var bar = box.querySelector("progress");
    var text = box.querySelector("[data-progress-text]");
    var wait = 400;
    var ask = function () {
      fetch(box.dataset.progress, { credentials: "same-origin" })
        .then(function (response) { if (!response.ok) throw new Error(String(response.status)); return response.json(); })
        .then(function (state) {
          if (state.finished) { window.location.reload(); return; }
          if (state.total) {
            bar.max = state.total;
            bar.value = state.done;
            text.textContent = state.text + ": " + state.done.toLocaleString() + " of " + state.total.toLocaleString();
          } else {
            text.textContent = state.text;
          }
          wait = Math.min(3000, wait * 1.3);
          setTimeout(ask, wait);
        })
        .catch(function () {
          text.textContent = "The connection is lost; the work goes on. Trying again.";
          setTimeout(ask, 4000);
        });
    };
    setTimeout(ask, wait);
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
