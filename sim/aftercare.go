package sim

// aftercareEnds is aftercare running its course: what it did to the hazard of relapse ends with it.
func (w *world) aftercareEnds(p *person, s *stage) {
	w.endService(p, s)
	w.scaleClock(p, 1)
	w.goOn(p, s, Completed, byRoute)
	w.matchSoon(s)
}
