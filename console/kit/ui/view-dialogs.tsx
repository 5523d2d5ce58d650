import { useEffect, useRef, useState } from 'preact/hooks'
import { viewNameMax } from '../model/wire.ts'
import { Dialog } from './dialog.tsx'
import { words } from './language.ts'
import { faultText } from './states.tsx'
import { toast } from './toasts.tsx'

interface Sending {
  readonly send: () => Promise<void>
  readonly done: string
  readonly onClose: () => void
}

/** Sends once, says what came of it, and stays open where it failed. */
const useSending = (): {
  readonly busy: boolean
  readonly fault: string
  readonly run: (sending: Sending) => Promise<void>
} => {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState('')
  const run = async ({ send, done, onClose }: Sending): Promise<void> => {
    if (busy) return
    setBusy(true)
    try {
      await send()
      toast(done)
      onClose()
    } catch (error) {
      setFault(faultText(error))
      setBusy(false)
    }
  }
  return { busy, fault, run }
}

interface SaveProps {
  readonly taken: readonly string[]
  /** The filter looks for personal data. */
  readonly personal: boolean
  readonly onSave: (name: string) => Promise<void>
  readonly onClose: () => void
}

export const SaveViewDialog = ({ taken, personal, onSave, onClose }: SaveProps) => {
  const { list, action } = words.value
  const [name, setName] = useState('')
  const { busy, fault, run } = useSending()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const wanted = name.trim()
  const submit = (event: Event): void => {
    event.preventDefault()
    if (wanted === '') field.current?.focus()
    else void run({ send: async () => await onSave(wanted), done: list.viewSaved(wanted), onClose })
  }
  if (personal) {
    return (
      <Dialog title={list.saveView} onClose={onClose} class="action">
        <p>{list.viewNotPersonal}</p>
        <div class="buttons">
          <button type="button" class="button main" onClick={onClose}>
            {list.understood}
          </button>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog title={list.saveView} onClose={onClose} class="action">
      <form onSubmit={submit}>
        <p>{list.saveViewText}</p>
        <label class="field">
          <span>{list.viewName}</span>
          <input
            ref={field}
            required
            maxLength={viewNameMax}
            autoComplete="off"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <p class="fault" role="alert">
          {fault}
        </p>
        <div class="buttons">
          <button type="submit" class="button main" disabled={busy}>
            {busy ? action.working : taken.includes(wanted) ? list.replaceView : list.saveView}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {action.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

interface RemoveProps {
  readonly name: string
  readonly onRemove: () => Promise<void>
  readonly onClose: () => void
}

export const RemoveViewDialog = ({ name, onRemove, onClose }: RemoveProps) => {
  const { list, action } = words.value
  const { busy, fault, run } = useSending()
  const remove = (): void => void run({ send: onRemove, done: list.viewRemoved(name), onClose })
  return (
    <Dialog title={list.removeView(name)} onClose={onClose} class="action">
      <p>{list.removeViewText}</p>
      <p class="fault" role="alert">
        {fault}
      </p>
      <div class="buttons">
        <button type="button" class="button main" disabled={busy} onClick={remove}>
          {busy ? action.working : list.removeViewDone}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {action.cancel}
        </button>
      </div>
    </Dialog>
  )
}
