from django.db import migrations


def fill(apps, schema_editor):
    # A model of a migration has no save() of its own: the same rules as LegalDocument, on the rows there are.
    from portal.text import fold, slugify

    model = apps.get_model("procedures", "LegalDocument")
    taken = set(model.objects.exclude(slug=None).values_list("slug", flat=True))
    for document in model.objects.filter(slug=None).order_by("pk").iterator():
        base, number = slugify(document.number.replace("/", "-"), 100) or "van-ban", 1
        slug = base
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        taken.add(slug)
        document.slug = slug
        document.folded = fold("\n".join([document.number, document.title, document.issuer]))
        document.save(update_fields=["slug", "folded"])


class Migration(migrations.Migration):
    dependencies = [("procedures", "0004_decisions_changes_versions")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
