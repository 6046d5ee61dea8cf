"""How dates, money and names are written for Vietnamese readers."""

from django import template

register = template.Library()
