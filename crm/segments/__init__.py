"""Filters, lists and saved views: which records, in which order, with which columns.

A list is a formula over the fields of a sort of record (`crm.base.formulas`), whatever the sort and
whoever added the field. What a role does not reach is in no list and in no count.
"""
