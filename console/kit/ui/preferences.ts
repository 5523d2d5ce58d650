import { effect, signal } from '@preact/signals'
import { language } from './language.ts'

export type Theme = 'system' | 'light' | 'dark'
export type Density = 'normal' | 'roomy'

const root = document.documentElement

/** The server wrote the cookie's values into the page's first tag, so nothing flashes; from there they are read once. */
export const theme = signal<Theme>((root.dataset['theme'] as Theme | undefined) ?? 'system')
export const density = signal<Density>((root.dataset['density'] as Density | undefined) ?? 'normal')
/** Single-letter shortcuts can be turned off (WCAG 2.1.4). */
export const singleKeys = signal(localStorage.getItem('premia-keys') !== 'off')
/** The rail's width is taste, too. */
export const railFolded = signal(localStorage.getItem('premia-rail') === 'folded')

const yearS = 31_536_000

/** Keeps the taste: a cookie for what the server must know before the first byte, the rest in the browser. */
export const keepPreferences = (): void => {
  effect(() => {
    root.dataset['theme'] = theme.value
    root.dataset['density'] = density.value
    const look = `${language.value}.${theme.value}.${density.value}`
    // biome-ignore lint: the Cookie Store API is not everywhere
    document.cookie = `premia-look=${look};path=/;max-age=${yearS};samesite=strict`
    localStorage.setItem('premia-keys', singleKeys.value ? 'on' : 'off')
    localStorage.setItem('premia-rail', railFolded.value ? 'folded' : 'wide')
  })
}

/** Height of a table row, as the stylesheet has it. */
export const rowHeight = (): number => (density.value === 'roomy' ? 42 : 34)
