package report

func (s *Study) comparison(p *Page) {}
