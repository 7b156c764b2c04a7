from django import template

from feeds.library.where_to_read import read_url

register = template.Library()
register.filter("read_url", read_url)
