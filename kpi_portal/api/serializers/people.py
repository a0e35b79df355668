"""What the API says of people, posts and regions where only the name matters."""

from rest_framework import serializers

from people.models import Employee, Position, Region


class RegionSerializer(serializers.ModelSerializer[Region]):
    class Meta:
        model = Region
        fields = ("code", "name")


class PositionSerializer(serializers.ModelSerializer[Position]):
    class Meta:
        model = Position
        fields = ("code", "name", "position_class")


class PersonSerializer(serializers.ModelSerializer[Employee]):
    """A person where only the name matters."""

    class Meta:
        model = Employee
        fields = ("number", "name")
