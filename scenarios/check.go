package scenarios

func (r *reader) check(root *node) {}

func (r *reader) warnGrowing(root *node) {}
