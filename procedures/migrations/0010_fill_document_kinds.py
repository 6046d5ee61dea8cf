from django.db import migrations


def fill(apps, schema_editor):
    # A number tells what kind of document it is and, mostly, its year; what staff chose stays.
    from procedures.importing.bases import kind_of
    from procedures.models.legal_document import year_in

    model = apps.get_model("procedures", "LegalDocument")
    for document in model.objects.order_by("pk").iterator():
        if document.kind == "other":
            document.kind = kind_of(document.number)
        document.year = document.issued_on.year if document.issued_on else year_in(document.number)
        document.save(update_fields=["kind", "year"])


class Migration(migrations.Migration):
    dependencies = [("procedures", "0009_document_relations_and_files")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
