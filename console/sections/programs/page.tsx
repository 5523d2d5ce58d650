import { Status } from '../../kit/ui/status.tsx'
import { BarChart } from '../../kit/ui/bar-chart.tsx'
import { Money } from '../../kit/ui/cell.tsx'
import { Facts } from '../../kit/ui/facts.tsx'
import { formatLocalDate, formatNumber, formatPoints, formatRelative } from '../../kit/ui/format.ts'
import { language, words } from '../../kit/ui/language.ts'
import { Panel } from '../../kit/ui/panel.tsx'
import { Points } from '../../kit/ui/points.tsx'
import type { RecordAnswer, RecordProps, SectionPage } from '../../kit/ui/section-page.ts'
import { linkTo, programInfo, useShell } from '../../kit/ui/shell-context.ts'
import { type Figure, Statement } from '../../kit/ui/statement.tsx'
import { Timeline } from '../../kit/ui/timeline.tsx'
import type { Condition } from '../../kit/model/condition.ts'
import type { ListRow, MoneyCell, PointsCell } from '../../kit/model/wire.ts'
import type { ProgramDay, ProgramOutlet, ProgramRecord, ProgramRule, Till } from './record.ts'
import type { ProgramsTexts } from './words.ts'

const ProgramPage = ({ answer, loaded, id }: RecordProps) => {
  const { more, rows } = answer as RecordAnswer<ProgramRecord>
  const texts = loaded.texts as unknown as ProgramsTexts
  const { me } = useShell()
  const [row] = rows
  const info = programInfo(me, id)
  if (row === undefined || info === undefined) return null
  const scale = info.pointScale
  return (
    <>
      <Statement figures={figuresOf(row, more, texts)} />
      <Panel title={texts.program.chart}>
        <DaysChart days={more.days} texts={texts} scale={scale} />
      </Panel>
      <div class="columns">
        <div>
          <Panel
            title={texts.program.rules}
            aside={<span class="muted">{texts.program.rulesOf(more.rules.length)}</span>}
          >
            <Rules rules={more.rules} texts={texts} />
          </Panel>
        </div>
        <div>
          <Panel title={words.value.record.facts}>
            <Facts loaded={loaded} row={row} />
          </Panel>
          <Panel title={words.value.record.timeline}>
            <Timeline
              zone={info.zone}
              items={more.events.map(({ id: event, at, kind, actor, reason }) => ({
                id: event,
                at,
                text: texts.program.events[kind] ?? kind,
                actor,
                reason,
              }))}
            />
          </Panel>
        </div>
      </div>
      <Panel
        id="outlets"
        title={texts.program.outlets}
        aside={<span class="muted">{texts.program.outletsOf(more.outlets.length)}</span>}
      >
        <Outlets outlets={more.outlets} texts={texts} scale={scale} program={id} />
      </Panel>
    </>
  )
}

const today: Condition = { field: 'occurredAt', is: 'within', value: { this: 'day' } }

/** Seven figures; each leads to the rows it counts. */
const figuresOf = (row: ListRow, more: ProgramRecord, texts: ProgramsTexts): readonly Figure[] => {
  const sales = (...tests: readonly Condition[]): string =>
    linkTo('/sales', { scope: row.id, filter: JSON.stringify({ all: [today, ...tests] }) })
  const members = (test: Condition): string => linkTo('/members', { scope: row.id, filter: JSON.stringify(test) })
  const owed = row.cells['owed'] as PointsCell
  return [
    {
      name: 'sales',
      label: texts.program.salesToday,
      value: formatNumber(row.cells['salesToday'] as number),
      href: sales(),
    },
    {
      name: 'members',
      label: texts.fields.activeMembers.label,
      value: formatNumber(row.cells['activeMembers'] as number),
      href: members({ field: 'lastSaleAt', is: 'within', value: { last: 30, unit: 'day' } }),
    },
    {
      name: 'earned',
      label: texts.fields.earnedToday.label,
      value: <Points value={row.cells['earnedToday'] as PointsCell} />,
      href: sales({ field: 'points', is: 'gt', value: 0 }),
    },
    {
      name: 'spent',
      label: texts.fields.spentToday.label,
      value: <Points value={row.cells['spentToday'] as PointsCell} />,
      href: sales({ field: 'spent', is: 'gt', value: 0 }),
    },
    {
      name: 'liability',
      label: texts.fields.liability.label,
      value: <Money value={row.cells['liability'] as MoneyCell} />,
      detail: texts.program.points(formatPoints(owed)),
      href: members({ field: 'balance', is: 'gt', value: 0 }),
    },
    {
      name: 'notices',
      label: texts.program.noticesToday,
      value: formatNumber(more.noticesToday),
      href: sales({ field: 'notices', is: 'gte', value: 1 }),
    },
    {
      name: 'silent',
      label: texts.fields.silentTills.label,
      value: formatNumber(row.cells['silentTills'] as number),
      href: linkTo('/terminals', { scope: row.id, filter: JSON.stringify({ field: 'silent', is: 'gte', value: 1 }) }),
    },
  ]
}

const DaysChart = ({ days, texts, scale }: { days: readonly ProgramDay[]; texts: ProgramsTexts; scale: number }) => {
  const show = (points: number): string => formatPoints({ points, scale })
  const sum = (of: (day: ProgramDay) => number): number => days.reduce((total, day) => total + of(day), 0)
  if (days.every((day) => day.earned === 0 && day.spent === 0)) return <p class="muted">{texts.program.noPoints}</p>
  return (
    <BarChart
      summary={texts.program.chartSummary(show(sum((day) => day.earned)), show(sum((day) => day.spent)))}
      step={words.value.record.day}
      up={texts.program.given}
      down={texts.program.spent}
      format={show}
      cell={(points) => <Points value={{ points, scale }} />}
      bars={days.map((day, index) => ({
        key: day.date,
        label: formatLocalDate(day.date, { weekday: 'short', day: 'numeric', month: 'long' }),
        tick: index % 7 === 1 || index === days.length - 1 ? formatLocalDate(day.date) : undefined,
        up: day.earned,
        down: day.spent,
      }))}
    />
  )
}

const Rules = ({ rules, texts }: { readonly rules: readonly ProgramRule[]; readonly texts: ProgramsTexts }) => {
  if (rules.length === 0) return <p class="muted">{texts.program.noRules}</p>
  const phases = [...new Set(rules.map((rule) => rule.phase))]
  return (
    <>
      {phases.map((phase) => (
        <div key={phase} class="rules">
          <h3>{texts.program.phases[phase] ?? phase}</h3>
          <ul>
            {rules
              .filter((rule) => rule.phase === phase)
              .map((rule) => (
                <li key={rule.rule} class="rule">
                  <strong>{rule.name}</strong>
                  <span>{rule.sentence[language.value]}</span>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </>
  )
}

interface OutletsProps {
  readonly outlets: readonly ProgramOutlet[]
  readonly texts: ProgramsTexts
  readonly scale: number
  readonly program: string
}

const Outlets = ({ outlets, texts, scale, program }: OutletsProps) => {
  if (outlets.length === 0) return <p class="muted">{texts.program.noOutlets}</p>
  const sales = (outlet: string): string =>
    linkTo('/sales', { scope: program, filter: JSON.stringify({ field: 'outlet', is: 'in', value: [outlet] }) })
  return (
    <div class="scroll-x">
      <table class="ledger">
        <thead>
          <tr>
            <th scope="col">{texts.program.outlet}</th>
            <th scope="col">{texts.program.tills}</th>
            <th scope="col" class="right">
              {texts.program.salesToday}
            </th>
            <th scope="col" class="right">
              {texts.fields.earnedToday.label}
            </th>
          </tr>
        </thead>
        <tbody>
          {outlets.map((outlet) => (
            <tr key={outlet.id} class="link">
              <th scope="row">
                <a href={sales(outlet.id)}>{outlet.name}</a>
                <span class="muted place">
                  <span class="code">{outlet.code}</span>
                  {outlet.city === null ? '' : ` · ${outlet.city}`}
                </span>
              </th>
              <td>
                <span class="tills">
                  {outlet.tills.map((till) => (
                    <a key={till.id} href={linkTo(`/terminals/${till.id}`, { scope: program })}>
                      <TillState till={till} texts={texts} />
                    </a>
                  ))}
                </span>
              </td>
              <td class="right">{formatNumber(outlet.salesToday)}</td>
              <td class="right">
                <Points value={{ points: outlet.pointsToday, scale }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const TillState = ({ till, texts }: { readonly till: Till; readonly texts: ProgramsTexts }) => {
  const text = texts.program
  const state = till.silent ? 'silent' : till.state
  const detail =
    till.lastContactAt === null
      ? text.neverSeen
      : till.silent
        ? text.silentSince(formatRelative(till.lastContactAt))
        : (text.tillStates[till.state] ?? till.state)
  return <Status state={state} label={`${till.name}: ${detail}`} />
}

export const page: SectionPage = {
  list: {
    ownProgram: true,
    widths: { name: 'minmax(150px, 1.4fr)', organizer: 'minmax(130px, 1.2fr)', liability: 'minmax(112px, 0.9fr)' },
    narrow: { lead: ['name', 'state'], trail: ['liability', 'earnedToday'] },
  },
  record: ProgramPage,
}
