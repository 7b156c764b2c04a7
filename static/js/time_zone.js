// Fills an empty field marked data-time-zone with the browser's own time zone, so that "07:00" means the reader's.
for (const field of document.querySelectorAll("[data-time-zone]")) {
  field.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}
