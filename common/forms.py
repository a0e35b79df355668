"""The look of fields drawn by a form class: each widget gets the class its kind is styled by."""

from typing import Any

from django import forms


class StyledForm(forms.Form):
    """A form whose widgets carry the portal's classes; dates get the browser's own picker."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            is_box = isinstance(field.widget, forms.CheckboxInput | forms.RadioSelect)
            field.widget.attrs.setdefault("class", "form-check-input" if is_box else "inp")
