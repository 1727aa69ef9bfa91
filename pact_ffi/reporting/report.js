const form = document.querySelector("form"), tests = [...document.querySelectorAll("main details")]
const sections = [...document.querySelectorAll("main section")]
let texts
const filter = () => {
  texts ??= tests.map(test => test.textContent.toLowerCase())
  const outcome = form.elements.outcome.value, words = form.elements.text.value.toLowerCase().split(/[\s…]+/).filter(Boolean)
  let shown = 0
  tests.forEach((test, number) => {
    const fits = (!outcome || test.dataset.outcome === outcome) && words.every(word => texts[number].includes(word))
    test.hidden = !fits
    shown += fits
  })
  for (const section of sections) section.hidden = !section.querySelector("details:not([hidden])")
  form.elements.shown.value = shown === tests.length ? "" : `${shown} of ${tests.length} shown`
}
const turn = open => { for (const test of tests) if (!test.hidden) test.open = open }
const linked = () => {
  const test = location.hash && document.getElementById(location.hash.slice(1))
  if (test) { test.open = true; test.scrollIntoView(); test.querySelector("summary").focus() }
}
form.addEventListener("input", filter)
form.addEventListener("submit", event => event.preventDefault())
form.elements.open.addEventListener("click", () => turn(true))
form.elements.close.addEventListener("click", () => turn(false))
document.querySelector("nav").addEventListener("click", event => {
  if (event.target.type === "button") { form.elements.text.value = event.target.textContent; filter(); form.elements.text.focus() }
})
document.addEventListener("keydown", event => {
  const other = event.ctrlKey || event.metaKey || event.altKey
  if (event.key === "/" && !other && event.target.type !== "search") { event.preventDefault(); form.elements.text.focus() }
  if (event.key === "Escape" && event.target.type === "search") { event.target.value = ""; filter() }
})
let closed = []
addEventListener("beforeprint", () => { closed = tests.filter(test => !test.hidden && !test.open); turn(true) })
addEventListener("afterprint", () => { for (const test of closed) test.open = false })
addEventListener("hashchange", linked)
linked()
