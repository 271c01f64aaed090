# Plans berths. See {#plan}.
#
# @example Use it
#   p = Planner.new(4)
#   p.plan("north")
class Planner
  # @return [Integer] number of berths
  attr_reader :berths
  # Plans a lift.
  # @param where [String] the berth
  # @param slow [Boolean] slowly?
  # @return [Integer] seconds
  # @raise [ArgumentError] if there is none
  # @note Cranes stop at 20 m/s.
  # @since 2.0
  def plan(where, slow: false)
    3
  end
end
