const form = document.querySelector("form"), tests = [...document.querySelectorAll("main details")]
const sections = [...document.querySelectorAll("main section")]
const texts = tests.map(test => test.textContent.toLowerCase())
const filter = () => {
  const outcome = form.elements.outcome.value, words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean)
  let shown = 0
  tests.forEach((test, number) => {
    const fits = (!outcome || test.dataset.outcome === outcome) && words.every(word => texts[number].includes(word))
    test.hidden = !fits
    shown += fits
  })
  for (const section of sections) section.hidden = !section.querySelector("details:not([hidden])")
  form.elements.shown.value = shown === tests.length ? "" : `${shown} of ${tests.length} shown`
}
form.addEventListener("input", filter)
form.addEventListener("submit", event => event.preventDefault())
document.addEventListener("keydown", event => {
  if (event.key === "/" && event.target.type !== "search") { event.preventDefault(); form.elements.text.focus() }
  if (event.key === "Escape" && event.target.type === "search") { event.target.value = ""; filter() }
})
