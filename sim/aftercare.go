package sim

// aftercareEnds is aftercare running its course: what it did to the hazard of relapse ends with it.
func (w *world) aftercareEnds(slot int32, s *stage) {
	w.endService(slot, s)
	w.scaleClock(slot, 1)
	w.goOn(slot, s, Completed, byRoute)
	w.matchSoon(s)
}
