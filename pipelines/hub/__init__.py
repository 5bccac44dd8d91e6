"""Stages of the reading that can be any checkpoint or server: summary, claims, stance."""
