import { useQuery } from '@tanstack/preact-query'
import type { DemoProgress } from '../kit/model/wire.ts'
import { getJson } from '../kit/ui/api.ts'
import { formatNumber } from '../kit/ui/format.ts'
import { words } from '../kit/ui/language.ts'
import { useShell } from '../kit/ui/shell-context.ts'

const everyMs = 3_000

/** The console opens before the demo is complete, and says so. */
export const DemoBanner = () => {
  const { me } = useShell()
  const { data } = useQuery({
    queryKey: ['demo-progress'],
    queryFn: () => getJson<DemoProgress>('/demo-progress'),
    enabled: me.demo,
    refetchInterval: (query) => (query.state.data?.state === 'running' ? everyMs : false),
    retry: false,
  })
  const text = words.value.shell
  if (data === undefined || data.state === 'complete') return null
  return (
    <p class="demo-banner" role="status">
      {data.state === 'failed' ? text.demoFailed : text.demoRunning(formatNumber(data.done), formatNumber(data.total))}
      <progress value={data.done} max={Math.max(data.total, 1)} aria-hidden="true" />
    </p>
  )
}
