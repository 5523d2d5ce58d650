import { useLocation } from 'preact-iso'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { MeAnswer } from '../kit/model/wire.ts'
import { Exports } from '../kit/ui/exports.tsx'
import { useKeys } from '../kit/ui/keys.ts'
import { words } from '../kit/ui/language.ts'
import { ListPage } from '../kit/ui/list-page.tsx'
import { RecordPage } from '../kit/ui/record-page.tsx'
import { linkTo, type Shell, ShellContext, useShell } from '../kit/ui/shell-context.ts'
import { Empty, Skeleton } from '../kit/ui/states.tsx'
import { DemoBanner } from './demo-banner.tsx'
import { KeysSheet } from './keys-sheet.tsx'
import { Palette } from './palette.tsx'
import { Rail } from './rail.tsx'
import { ScopeBand } from './scope-band.tsx'
import { useSection } from './sections.ts'
import { TopBar } from './top-bar.tsx'

const shellOf = (me: MeAnswer, scope: string | undefined): Shell => {
  const known = me.programs.filter((program) => program.id === scope || program.organizer === scope)
  const programs = known.length === 0 ? me.programs : known
  const zones = new Set(programs.map((program) => program.zone))
  const [zone] = zones
  return {
    me,
    scope: known.length === 0 ? undefined : scope,
    programs,
    zone: zone ?? 'UTC',
    mixed: programs.length > 1,
    zoned: zones.size > 1,
  }
}

/** Rail, top bar, the scope's band, and one page. */
export const ShellPage = ({ me }: { readonly me: MeAnswer }) => {
  const { query } = useLocation()
  const shell = useMemo(() => shellOf(me, query['scope']), [me, query['scope']])
  const [layer, setLayer] = useState<'palette' | 'keys' | undefined>()
  useKeys({
    '$mod+k': () => setLayer('palette'),
    '?': () => setLayer('keys'),
    'Shift+?': () => setLayer('keys'),
  })
  const online = useOnline()
  return (
    <ShellContext.Provider value={shell}>
      <a class="skip" href="#content" onClick={(event) => skip(event)}>
        {words.value.shell.skip}
      </a>
      <ScopeBand />
      <div class="shell">
        <Rail />
        <div class="column">
          <TopBar onPalette={() => setLayer('palette')} onKeys={() => setLayer('keys')} />
          {online ? null : (
            <p class="offline" role="alert">
              {words.value.shell.offline}
            </p>
          )}
          <DemoBanner />
          <main id="content" tabIndex={-1}>
            <Page />
          </main>
        </div>
      </div>
      <Exports />
      {layer === 'palette' ? <Palette onClose={() => setLayer(undefined)} /> : null}
      {layer === 'keys' ? <KeysSheet onClose={() => setLayer(undefined)} /> : null}
    </ShellContext.Provider>
  )
}

const skip = (event: Event): void => {
  event.preventDefault()
  document.getElementById('content')?.focus()
}

const Page = () => {
  const { path, route, query } = useLocation()
  const [, name = '', id] = path.split('/')
  const { me, scope } = useShell()
  const first = me.menu[0]?.section
  // Whoever came by the login's own address stands nowhere yet.
  const nowhere = name === '' || name === 'login'
  const allowed = me.menu.some((entry) => entry.section === name)
  useEffect(() => {
    if (nowhere && first !== undefined) route(linkTo(`/${first}`, { scope: query['scope'] }), true)
  }, [name, first])
  const loaded = useSection(allowed ? name : '')
  useEffect(() => {
    document.title = loaded?.texts === undefined ? 'Premia' : `${loaded.texts.title} · Premia`
  }, [loaded?.texts])
  const { shell: text } = words.value
  if (nowhere) return null
  if (!allowed || loaded === null) {
    return (
      <Empty whole title={text.notFound} text={text.notFoundText}>
        <a class="button" href={linkTo(`/${first ?? ''}`, { scope })}>
          {text.home}
        </a>
      </Empty>
    )
  }
  if (loaded === undefined) return <Skeleton rows={10} kind="table" />
  return id === undefined || id === '' ? (
    <ListPage key={name} loaded={loaded} />
  ) : (
    <RecordPage key={`${name}/${id}`} loaded={loaded} id={id} />
  )
}

const useOnline = (): boolean => {
  const [online, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const follow = (): void => setOnline(navigator.onLine)
    addEventListener('online', follow)
    addEventListener('offline', follow)
    return () => {
      removeEventListener('online', follow)
      removeEventListener('offline', follow)
    }
  }, [])
  return online
}
