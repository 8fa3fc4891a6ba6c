"""Revision 修改 and Change 修改之处: from one plan version to the next, and which objections caused it."""
