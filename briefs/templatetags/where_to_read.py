from django import template

from briefs.where_to_read import read_url

register = template.Library()
register.filter("read_url", read_url)
