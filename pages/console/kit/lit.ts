/**
 * Exports what the console uses of lit-html. The build copies it beside the page, because browsers cannot import
 * packages by name.
 */
export { repeat } from '../lit-html/directives/repeat.js'
export { html, nothing, render, type TemplateResult } from '../lit-html/lit-html.js'
