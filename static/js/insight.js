// The page of one insight works without this: it copies and shares where the browser can, and plays in place.

const done = document.getElementById("done");

async function give(button) {
  const { copy, share } = button.dataset;
  if (share && navigator.share) {
    await navigator.share({ title: share, url: copy }).catch(() => {});
    return;
  }
  await navigator.clipboard.writeText(copy);
  done.textContent = share ? "The link is copied." : "The quote is copied, with its source.";
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => give(button));
  }
}

const listen = document.getElementById("listen");

// Plays in place from the quoted second, with the browser's own controls, since inserted ads can shift it.
function openPlayer() {
  const played = document.querySelector(".where .played");
  const audio = document.createElement("audio");
  audio.src = listen.href;
  audio.controls = true;
  audio.addEventListener("loadedmetadata", () => { audio.currentTime = Number(listen.dataset.start); });
  audio.addEventListener("timeupdate", () => {
    if (!played || !audio.duration) return;
    played.setAttribute("x2", `${(100 * audio.currentTime) / audio.duration}%`);
    played.removeAttribute("hidden");
  });
  // What cannot be played here, for want of a codec or of HTTPS, is played where the link leads.
  audio.addEventListener("error", () => { location.href = listen.href; });
  listen.replaceWith(audio);
  audio.focus();
  audio.play().catch(() => {});
}

if (listen?.dataset.start) {
  listen.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openPlayer();
  });
}
