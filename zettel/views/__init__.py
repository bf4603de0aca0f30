"""Views: values become answers, that is rows, trees and lines. No input or output."""
