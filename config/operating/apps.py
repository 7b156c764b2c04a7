from django.contrib.admin.apps import AdminConfig


class OperatorsAdmin(AdminConfig):
    default_site = "config.operating.admin_site.OperatorsSite"
