"""Measures one bundle on this machine: measure, record, report."""
