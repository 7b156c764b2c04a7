// Fills in the browser's own time zone where nobody has chosen one yet; without this, one types a city.
const field = document.querySelector("[data-guess-time-zone]");
const guess = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (field && guess && (field.value === "" || field.value === "UTC")) field.value = guess;
