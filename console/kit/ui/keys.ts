import { useEffect } from 'preact/hooks'
import { tinykeys } from 'tinykeys'
import { singleKeys } from './preferences.ts'

export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

const usesModifier = (binding: string): boolean => /\$mod|Control|Meta|Alt|Escape/.test(binding)

/** An open dialog or menu takes Escape for itself. */
const hasLayer = (): boolean => document.querySelector('dialog[open], [popover]:popover-open') !== null

/** Held keys and those that compose a letter; where somebody types, each binding decides for itself. */
const isNoPress = (event: KeyboardEvent): boolean => event.repeat || event.isComposing

/**
 * Shortcuts while a component is there. Keys without a modifier are silent while somebody types, while a dialog is open,
 * and where the person has turned them off.
 */
export const useKeys = (keys: Keys, enabled = true): void => {
  useEffect(() => {
    if (!enabled) return
    const guarded = Object.entries(keys).map(([binding, act]): [string, (event: KeyboardEvent) => void] => [
      binding,
      (event) => {
        if (!usesModifier(binding)) {
          if (!singleKeys.value || isTyping(event.target) || document.querySelector('dialog[open]') !== null) return
        }
        if (binding === 'Escape' && hasLayer()) return
        event.preventDefault()
        act(event)
      },
    ])
    return tinykeys(window, Object.fromEntries(guarded), { ignore: isNoPress })
  })
}
