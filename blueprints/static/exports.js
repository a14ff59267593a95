// Progress of a file being made. The page works without it.
(function () {
  "use strict";
  var box = document.querySelector("[data-export-progress]");
  if (!box) { return; }
  var bar = box.querySelector("progress");
  var text = box.querySelector("[data-progress-text]");
  var ask = function () {
    fetch(box.dataset.exportProgress, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.json();
      })
      .then(function (state) {
        if (!state) { return; }
        if (state.finished) { window.location.reload(); return; }
        if (state.total) {
          bar.max = state.total;
          bar.value = state.done;
          text.textContent = state.text + " (step " + (state.done + 1).toLocaleString() + " of " + state.total.toLocaleString() + ").";
        } else {
          text.textContent = state.text + ".";
        }
        window.setTimeout(ask, 1000);
      })
      .catch(function () {
        text.textContent = "No answer just now; the work goes on. Trying again.";
        window.setTimeout(ask, 3000);
      });
  };
  window.setTimeout(ask, 600);
})();
