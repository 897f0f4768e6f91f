package main

import (
	"bytes"
	"errors"

	"tier4/cmd/tier4/internal/chart"
)

// pixels a unit of a picture: sharp on paper and on large screens.
const pixels = 2

// plot writes each picture as SVG and PNG, and its numbers as CSV.
func plot(f *outFolder, charts []*chart.Chart) error {
	for _, c := range charts {
		png, err := c.PNG(pixels)
		if err != nil {
			return err
		}
		var table bytes.Buffer
		if err := c.Table.CSV(&table); err != nil {
			return err
		}
		err = errors.Join(f.write(c.ID+".svg", c.SVG()), f.write(c.ID+".png", png), f.write(c.ID+".csv", table.Bytes()))
		if err != nil {
			return err
		}
	}
	return f.keep()
}
