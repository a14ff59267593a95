// Progress of a job: asks its state until it ends, then loads the page anew. The page works without it.
(function () {
  "use strict";
  var box = document.querySelector("[data-progress]");
  if (!box) { return; }
  var bar = box.querySelector("progress");
  var text = box.querySelector("[data-progress-text]");
  var wait = 400;
  var said = function (state) {
    if (!state.total) { return state.text + "."; }
    var done = state.done, total = state.total.toLocaleString();
    if (box.dataset.counts === "steps") { return state.text + " (step " + (done + 1).toLocaleString() + " of " + total + ")."; }
    return state.text + ": " + done.toLocaleString() + " of " + total + (box.dataset.counts ? " " + box.dataset.counts : "") + ".";
  };
  var ask = function () {
    fetch(box.dataset.progress, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (answer) {
        if (answer.status === 401) { window.location.reload(); return null; }  // a restore signs everybody out
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.json();
      })
      .then(function (state) {
        if (!state) { return; }
        if (state.finished) { window.location.reload(); return; }
        if (state.total) {
          bar.max = state.total;
          bar.value = state.done;
        } else {
          bar.removeAttribute("value");
        }
        text.textContent = said(state);
        wait = Math.min(3000, wait * 1.3);
        window.setTimeout(ask, wait);
      })
      .catch(function () {
        text.textContent = "No answer just now; the work goes on. Trying again.";
        window.setTimeout(ask, 4000);
      });
  };
  window.setTimeout(ask, wait);
})();
