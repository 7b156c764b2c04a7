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

if (listen?.dataset.start) {
  const played = document.querySelector(".where .played");
  const label = listen.textContent;
  let audio = null;

  const open = () => {
    audio = new Audio(listen.href);
    audio.addEventListener("loadedmetadata", () => { audio.currentTime = Number(listen.dataset.start); });
    audio.addEventListener("pause", () => { listen.textContent = label.replace(/from .*/, "on"); });
    audio.addEventListener("playing", () => { listen.textContent = "Pause"; });
    audio.addEventListener("timeupdate", () => {
      if (!played || !audio.duration) return;
      played.setAttribute("x2", `${(100 * audio.currentTime) / audio.duration}%`);
      played.removeAttribute("hidden");
    });
    // What cannot be played here, for want of a codec or of HTTPS, is played where the link leads.
    audio.addEventListener("error", () => { location.href = listen.href; });
  };

  listen.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!audio) open();
    if (audio.paused) audio.play().catch(() => {});
    else audio.pause();
  });
}
