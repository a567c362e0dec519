import { html } from './lit.js'

/** A pin, which marks a store view's own value. */
export const PIN = html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="M5.5 1.5h5l-.7 4.6 2.7 2.4v1.3h-3.8v4.7h-1.4V9.8H3.5V8.5l2.7-2.4z" /></svg>`
/** An arrow from the left, which marks a value that is inherited from the default scope. */
export const INHERITED = html`<svg class="icon line" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="M2 4v4.5h10M8.5 5 12 8.5 8.5 12" /></svg>`
export const GRIP = html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="M5 3h2v2H5zM9 3h2v2H9zM5 7h2v2H5zM9 7h2v2H9zM5 11h2v2H5zM9 11h2v2H9z" /></svg>`
export const UP = html`<svg class="icon line" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="M8 13V3M3.5 7.5 8 3l4.5 4.5" /></svg>`
export const DOWN = html`<svg class="icon line" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="M8 3v10M3.5 8.5 8 13l4.5-4.5" /></svg>`
