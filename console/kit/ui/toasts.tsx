import { signal } from '@preact/signals'

interface Toast {
  readonly id: number
  readonly text: string
}
const shown = signal<readonly Toast[]>([])
const spoken = signal('')
const shownMs = 5_000
const shownMax = 3
let last = 0

/** Says something that needs no answer: a save, a copy. Screen readers hear it politely. */
export const toast = (text: string): void => {
  last += 1
  const id = last
  shown.value = [...shown.value, { id, text }].slice(-shownMax)
  spoken.value = text
  setTimeout(() => {
    shown.value = shown.value.filter((each) => each.id !== id)
  }, shownMs)
}

/** Heard, not seen: the number of results, for example. */
export const announce = (text: string): void => {
  spoken.value = text
}

export const Toasts = () => (
  <>
    <div class="toasts" aria-hidden="true">
      {shown.value.map((each) => (
        <div key={each.id} class="toast">
          {each.text}
        </div>
      ))}
    </div>
    <div class="unseen" role="status" aria-live="polite">
      {spoken.value}
    </div>
  </>
)
