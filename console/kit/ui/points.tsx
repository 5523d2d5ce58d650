import type { PointsCell } from '../model/wire.ts'
import { formatPoints } from './format.ts'
import { words } from './language.ts'

/** Points have their own sign, always before the figure and never for anything else. */
export const Points = ({ value, sign }: { readonly value: PointsCell; readonly sign?: true }) => (
  <span class="points">
    <span class="lozenge" aria-hidden="true">
      ◆
    </span>
    {sign === true && value.points > 0 ? '+' : ''}
    {formatPoints(value)}
    <span class="unseen"> {words.value.points}</span>
  </span>
)
