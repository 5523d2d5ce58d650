import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Field } from '../model/section.ts'
import type { ActionTexts } from '../model/texts.ts'
import { address, ApiProblem, sendJson } from './api.ts'
import { Dialog } from './dialog.tsx'
import { words } from './language.ts'
import type { LoadedSection } from './section-page.ts'
import { useShell } from './shell-context.ts'
import { faultText } from './states.tsx'
import { toast } from './toasts.tsx'

interface ActionDialogProps {
  readonly loaded: LoadedSection
  readonly action: string
  readonly record: string
  /** What is acted upon, in words: a program's name, a card's last digits. */
  readonly subject: string
  readonly version?: number
  readonly input?: Readonly<Record<string, string>>
  /** What stands in the fields that the person fills in. */
  readonly initial?: Readonly<Record<string, string>>
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

const reasonLeast = 3
const reasonMost = 500

/** Sends the command. Its id is made once for the dialog: sending again after a silence is never a second action. */
const useAction = ({ loaded, action, record, version, input, onClose, onDone }: ActionDialogProps) => {
  const { scope } = useShell()
  const id = useRef(crypto.randomUUID())
  const [fault, setFault] = useState('')
  const [busy, setBusy] = useState(false)
  const [told, setTold] = useState<ComponentChildren>(null)
  const send = async (reason: string, typed: Readonly<Record<string, string | number>>): Promise<void> => {
    const text = words.value
    setBusy(true)
    setFault('')
    try {
      const { result } = await sendJson<{ readonly result?: unknown }>(
        'POST',
        address(`/sections/${loaded.section.name}/records/${record}/actions/${action}`, { scope }),
        {
          id: id.current,
          reason,
          ...(version === undefined ? {} : { version }),
          input: { ...typed, ...input },
        },
      )
      await onDone()
      const news = loaded.page.actions?.[action]?.told?.(result, loaded.texts) ?? null
      if (news !== null) return setTold(news)
      toast(loaded.texts.actions[action]?.done ?? '')
      onClose()
    } catch (error) {
      const silent = error instanceof ApiProblem && error.status === 0
      setFault(silent ? faultText(error) : `${text.action.failed}. ${faultText(error)}`)
    } finally {
      setBusy(false)
    }
  }
  return { fault, setFault, busy, send, told }
}

/** Fields of the action that nobody has filled in yet: texts and whole numbers. */
const typedFields = ({ loaded, action, input }: ActionDialogProps): readonly (readonly [string, Field])[] =>
  Object.entries(loaded.section.actions?.[action]?.input ?? {}).filter(([name]) => input?.[name] === undefined)

/** What was typed, as it travels; the name of the first field that does not hold what it should. */
const readTyped = (
  fields: readonly (readonly [string, Field])[],
  texts: Readonly<Record<string, string>>,
): Readonly<Record<string, string | number>> | { readonly wrong: string } => {
  const values: Record<string, string | number> = {}
  for (const [name, field] of fields) {
    const text = (texts[name] ?? '').trim()
    if (text === '' && field.required !== true) continue
    const fits = field.type === 'integer' ? /^\d{1,15}$/.test(text) : text !== ''
    if (!fits) return { wrong: name }
    values[name] = field.type === 'integer' ? Number(text) : text
  }
  return { ...values }
}

/** Asks for the reason and says what will happen. */
export const ActionDialog = (props: ActionDialogProps) => {
  const { loaded, action, subject, onClose, initial = {} } = props
  const texts = loaded.texts.actions[action]
  const needsReason = loaded.section.actions?.[action]?.reason === true
  const text = words.value.action
  const [reason, setReason] = useState('')
  const fields = typedFields(props)
  const [typed, setTyped] = useState(initial)
  const form = useRef<HTMLFormElement>(null)
  const { fault, setFault, busy, send, told } = useAction(props)
  const focus = (name: string): void => form.current?.querySelector<HTMLElement>(`[name="${name}"]`)?.focus()
  useEffect(() => focus(fields[0]?.[0] ?? 'reason'), [])
  const submit = (): void => {
    if (busy) return
    const values = readTyped(fields, typed)
    const [wrong] = 'wrong' in values ? [String(values.wrong)] : []
    const short = needsReason && reason.trim().length < reasonLeast
    if (wrong === undefined && !short) return void send(reason.trim(), values as Record<string, string | number>)
    setFault(wrong === undefined ? text.reasonShort : text.fieldWrong(texts?.fields?.[wrong]?.label ?? wrong))
    focus(wrong ?? 'reason')
  }
  if (told !== null) return <Told {...props} told={told} />
  return (
    <Dialog title={texts?.ask ?? action} onClose={onClose} class="action">
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <p class="subject">{subject}</p>
        <p>{texts?.effect}</p>
        <TypedFields fields={fields} texts={texts} typed={typed} onType={setTyped} />
        {needsReason ? <Reason reason={reason} onType={setReason} onSend={submit} /> : null}
        <p class="fault" role="alert">
          {fault}
        </p>
        <div class="buttons">
          <button type="submit" class="button main" disabled={busy}>
            {busy ? text.working : texts?.label}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {text.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

interface TypedProps {
  readonly fields: readonly (readonly [string, Field])[]
  readonly texts: ActionTexts | undefined
  readonly typed: Readonly<Record<string, string>>
  readonly onType: (typed: Readonly<Record<string, string>>) => void
}

const TypedFields = ({ fields, texts, typed, onType }: TypedProps) => (
  <>
    {fields.map(([name, each]) => (
      <label key={name} class="field">
        <span>{texts?.fields?.[name]?.label}</span>
        <input
          name={name}
          value={typed[name] ?? ''}
          autoComplete="off"
          maxLength={each.type === 'text' ? each.max : 15}
          inputMode={each.type === 'integer' ? 'numeric' : 'text'}
          aria-describedby={`hint-${name}`}
          onInput={(event) => onType({ ...typed, [name]: event.currentTarget.value })}
        />
        <small id={`hint-${name}`} class="muted">
          {texts?.fields?.[name]?.hint}
        </small>
      </label>
    ))}
  </>
)

interface ReasonProps {
  readonly reason: string
  readonly onType: (reason: string) => void
  readonly onSend: () => void
}

const Reason = ({ reason, onType, onSend }: ReasonProps) => {
  const text = words.value.action
  return (
    <label class="field">
      <span>{text.reason}</span>
      <textarea
        name="reason"
        rows={3}
        maxLength={reasonMost}
        value={reason}
        aria-describedby="reason-hint"
        onInput={(event) => onType(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSend()
        }}
      />
      <small id="reason-hint" class="muted">
        {text.reasonHint}
      </small>
    </label>
  )
}

/** What the command told, until it is closed. */
const Told = ({ loaded, action, subject, told, onClose }: ActionDialogProps & { readonly told: ComponentChildren }) => (
  <Dialog title={loaded.texts.actions[action]?.done ?? action} onClose={onClose} class="action">
    <p class="subject">{subject}</p>
    {told}
    <div class="buttons">
      <button type="button" class="button main" onClick={onClose}>
        {words.value.action.close}
      </button>
    </div>
  </Dialog>
)
