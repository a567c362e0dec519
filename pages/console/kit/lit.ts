/** What the console needs of lit-html, which the build puts beside it: a browser finds no packages by their names. */
export { repeat } from '../lit-html/directives/repeat.js'
export { html, nothing, render, type TemplateResult } from '../lit-html/lit-html.js'
