// Progress of a backup, its check or its restore. The page works without it.
(function () {
  "use strict";
  var box = document.querySelector("[data-upkeep-progress]");
  if (!box) { return; }
  var bar = box.querySelector("progress");
  var text = box.querySelector("[data-progress-text]");
  var ask = function () {
    fetch(box.dataset.upkeepProgress, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (answer) {
        if (answer.status === 401) { window.location.reload(); return null; }  // restored: everybody is signed out
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.json();
      })
      .then(function (state) {
        if (!state) { return; }
        if (state.finished) { window.location.reload(); return; }
        if (state.total) {
          bar.max = state.total;
          bar.value = state.done;
          text.textContent = state.text + ": " + state.done.toLocaleString() + " of " + state.total.toLocaleString() + " rows and files.";
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
