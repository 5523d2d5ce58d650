/** CPU time of process groups and of the machine, from /proc. Linux only: elsewhere all is `undefined`, never invented. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second in /proc: 100 on every Linux that Node runs on, asked all the same. */
const ticksPerSecond = (): number => {
  try {
    return Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8', timeout: 5_000 }).trim())
  } catch {
    return 100
  }
}

export interface ProcessStat {
  readonly pid: number
  readonly parent: number
  readonly ticks: number
}

/** One line of /proc/<pid>/stat. The name in brackets may hold spaces and brackets itself. */
export const parseStat = (text: string): ProcessStat => {
  const pid = Number.parseInt(text, 10)
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return { pid, parent: Number(fields[1]), ticks }
}

const processes = (): readonly ProcessStat[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [parseStat(readFileSync(`/proc/${name}/stat`, 'utf8'))]
      } catch {
        // It has ended in the meantime.
        return []
      }
    })

/** The process that started another one; 0 where that cannot be known. */
export const parentOf = (pid: number): number => {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).parent
  } catch {
    return 0
  }
}

/** Ticks of a process and all below it, now. */
const treeTicks = (all: readonly ProcessStat[], root: number): number => {
  const children = new Map<number, ProcessStat[]>()
  for (const each of all) children.set(each.parent, [...(children.get(each.parent) ?? []), each])
  const sum = (pid: number): number =>
    (children.get(pid) ?? []).reduce((total, child) => total + child.ticks + sum(child.pid), 0)
  return (all.find((each) => each.pid === root)?.ticks ?? 0) + sum(root)
}

interface MachineTicks {
  readonly busy: number
  readonly steal: number
  readonly total: number
}

/** The first line of /proc/stat: user nice system idle iowait irq softirq steal… */
export const parseMachine = (text: string): MachineTicks => {
  const numbers = (text.split('\n')[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number)
  const total = numbers.reduce((sum, each) => sum + each, 0)
  const [, , , idle = 0, waiting = 0, , , steal = 0] = numbers
  return { busy: total - idle - waiting - steal, steal, total }
}

/** Cores that were busy on average, by group; steal as a share of all cores' time. */
export interface ProcessorUse {
  readonly cores: Readonly<Record<string, number>>
  /** Everything that ran on the machine, the groups and strangers alike. */
  readonly machineCores: number
  readonly stealShare: number
}

const three = (value: number): number => Math.round(value * 1000) / 1000

/** Begins to measure; call the result when the round is over. Groups are roots of process trees. */
export const watchProcessor = (roots: Readonly<Record<string, number>>): (() => ProcessorUse | undefined) => {
  if (!existsSync('/proc/stat')) return () => undefined
  const perSecond = ticksPerSecond()
  const take = () => {
    const all = processes()
    const groups = Object.fromEntries(Object.entries(roots).map(([name, pid]) => [name, treeTicks(all, pid)]))
    return { groups, machine: parseMachine(readFileSync('/proc/stat', 'utf8')), atMs: performance.now() }
  }
  const before = take()
  return () => {
    const after = take()
    const ticks = ((after.atMs - before.atMs) / 1000) * perSecond
    const total = after.machine.total - before.machine.total
    return {
      cores: Object.fromEntries(
        // A child that has ended takes its ticks with it: never less than nothing.
        Object.keys(roots).map((name) => [
          name,
          three(Math.max(0, (after.groups[name] ?? 0) - (before.groups[name] ?? 0)) / ticks),
        ]),
      ),
      machineCores: three((after.machine.busy - before.machine.busy) / ticks),
      stealShare: total === 0 ? 0 : three((after.machine.steal - before.machine.steal) / total),
    }
  }
}
