"""Mail in and mail out, once and in order. Knows crm, and neither the cards nor the web."""
