package sim

// aftercareEnds is aftercare running its course: what it did to the hazard of relapse ends with it.
func (w *world) aftercareEnds(p *person, r *room) {
	w.endService(p, r)
	w.scaleClock(p, 1)
	w.goOnFrom(p, r, w.wayOut(p, r, Completed), byRoute)
}
