import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
  readonly class?: string
}

/** The browser's own dialog: it traps the focus, closes on Escape, and gives the focus back to where it was. */
export const Dialog = ({ title, onClose, children, class: more = '' }: DialogProps) => {
  const element = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const before = document.activeElement
    element.current?.showModal()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={element}
      class={more}
      aria-labelledby={id}
      onClose={onClose}
      onCancel={onClose}
      onClick={(event) => {
        // The backdrop belongs to the dialog itself; its content lies in children.
        if (event.target === element.current) onClose()
      }}
    >
      <div class="dialog-body">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  )
}
